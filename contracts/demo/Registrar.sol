// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

interface IRegistry {
    function setSubnodeOwner(bytes32 node, bytes32 label, address owner) external;
}

/// @title The part of ENS's .eth registrar that tells who has a name, and for how long
/// @notice A stand-in on local chains: anybody may register, for nothing, and choose when that ends.
/// What is answered afterwards is as in ens-contracts' BaseRegistrarImplementation.
contract Registrar {
    IRegistry private immutable _registry;
    bytes32 private immutable _baseNode;
    mapping(uint256 id => address) private _registrants;
    mapping(uint256 id => uint256) public nameExpires;
    mapping(uint256 id => address) private _approved;
    mapping(address account => mapping(address operator => bool)) public isApprovedForAll;

    constructor(IRegistry registry, bytes32 baseNode) {
        _registry = registry;
        _baseNode = baseNode;
    }

    function register(uint256 id, address registrant, uint256 expiry) external {
        _registrants[id] = registrant;
        nameExpires[id] = expiry;
        _registry.setSubnodeOwner(_baseNode, bytes32(id), registrant);
    }

    /// @dev A sale: the owner in the registry stays until the buyer reclaims the name.
    function transferFrom(address, address to, uint256 id) external {
        _registrants[id] = to;
    }

    function approve(address account, uint256 id) external {
        require(msg.sender == ownerOf(id));
        _approved[id] = account;
    }

    function setApprovalForAll(address operator, bool approved) external {
        isApprovedForAll[msg.sender][operator] = approved;
    }

    function reclaim(uint256 id, address owner) external {
        address registrant = ownerOf(id);
        bool isOperator = isApprovedForAll[registrant][msg.sender];
        require(msg.sender == registrant || isOperator || msg.sender == _approved[id]);
        _registry.setSubnodeOwner(_baseNode, bytes32(id), owner);
    }

    /// @notice Whom the registrant lets act for this name alone, or zero.
    function getApproved(uint256 id) external view returns (address) {
        return _approved[id];
    }

    /// @dev Reverts once the name has expired, although nobody else can have it in its grace period.
    function ownerOf(uint256 id) public view returns (address) {
        require(nameExpires[id] > block.timestamp);
        return _registrants[id];
    }
}
